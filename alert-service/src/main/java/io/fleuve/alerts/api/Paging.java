package io.fleuve.alerts.api;

import java.util.List;
import java.util.function.Function;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * Lists, a page at a time: the body is a plain array; {@code X-Total-Count} says how many items
 * there are in all, and {@code Link} where the next page is (RFC 8288).
 */
final class Paging {

    private static final int MAX_SIZE = 200;
    private static final int MAX_PAGE = 100_000;

    private Paging() {}

    static <E, T> ResponseEntity<List<T>> answer(Page<E> page, Function<E, T> view) {
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.ok().header("X-Total-Count", Long.toString(page.getTotalElements()));
        if (page.hasNext()) {
            String next =
                    ServletUriComponentsBuilder.fromCurrentRequest()
                            .replaceQueryParam("page", page.getNumber() + 1)
                            .toUriString();
            answer.header(HttpHeaders.LINK, "<" + next + ">; rel=\"next\"");
        }
        return answer.body(page.getContent().stream().map(view).toList());
    }

    /** Checks what a caller asked for. */
    static Pageable request(int page, int size) {
        if (page < 0 || page > MAX_PAGE) {
            throw new BadParameterException(
                    "page", "must be between 0 and %d, but is %d".formatted(MAX_PAGE, page));
        }
        if (size < 1 || size > MAX_SIZE) {
            throw new BadParameterException(
                    "size", "must be between 1 and %d, but is %d".formatted(MAX_SIZE, size));
        }
        return PageRequest.of(page, size);
    }
}
