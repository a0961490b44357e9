package io.fleuve.gateway.v3;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A controller below {@code /v3/clusters} and {@code /kafka/v3/clusters}, speaking JSON only. */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@RestController
@RequestMapping(
        path = {"/v3/clusters", "/kafka/v3/clusters"},
        produces = MediaType.APPLICATION_JSON_VALUE)
@interface V3Controller {}
