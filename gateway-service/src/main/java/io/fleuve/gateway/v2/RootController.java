package io.fleuve.gateway.v2;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The root: a sign of life for programs, the way to the documentation for people. */
@RestController
@Tag(name = "v2: metadata")
final class RootController {

    @GetMapping(
            path = "/",
            produces = {MediaTypes.JSON, MediaType.APPLICATION_JSON_VALUE})
    @Operation(
            summary = "Sign of life",
            description =
                    "An empty object, without asking any broker. A browser is sent to the documentation.")
    Map<String, String> root() {
        return Map.of();
    }

    @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
    @io.swagger.v3.oas.annotations.Hidden
    ResponseEntity<Void> documentation() {
        return ResponseEntity.status(HttpStatus.FOUND)
                .location(URI.create("swagger-ui.html"))
                .build();
    }
}
