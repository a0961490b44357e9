package io.fleuve.alerts.api;

import java.util.List;
import java.util.function.Function;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;

/**
 * One page of a list.
 *
 * @param page number of this page, from 0
 * @param size most items of a page
 * @param total items of all pages
 */
record PageView<T>(List<T> items, int page, int size, long total) {

    private static final int MAX_SIZE = 200;
    private static final int MAX_PAGE = 100_000;

    static <E, T> PageView<T> of(Page<E> page, Function<E, T> view) {
        return new PageView<>(
                page.getContent().stream().map(view).toList(),
                page.getNumber(),
                page.getSize(),
                page.getTotalElements());
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
