package io.fleuve.gateway.v2;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The root as programs see it: a sign of life. */
@RestController
@Tag(name = "v2: metadata")
final class RootController {

    @GetMapping(
            path = "/",
            produces = {MediaTypes.JSON, MediaType.APPLICATION_JSON_VALUE})
    @Operation(
            summary = "Sign of life",
            description = "An empty object, without asking any broker. A browser gets the console.")
    Map<String, String> root() {
        return Map.of();
    }
}
