package io.fleuve.gateway.v2;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A controller of consumer instances. A client that asks for records in a format asks for
 * everything else in it as well, and is answered JSON.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@RestController
@RequestMapping(
        produces = {
            MediaTypes.JSON,
            MediaType.APPLICATION_JSON_VALUE,
            MediaTypes.BINARY_RECORDS,
            MediaTypes.JSON_RECORDS,
            MediaTypes.TEXT_RECORDS
        })
@interface ConsumerApi {

    /** Where its paths begin. */
    @AliasFor(annotation = RequestMapping.class, attribute = "path")
    String value();

    /** The body names partitions, in the API's document. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaTypes.JSON,
                            schema = @Schema(implementation = PartitionsRequest.Partitions.class)))
    @interface PartitionsBody {}
}
