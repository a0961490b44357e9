package io.fleuve.gateway.strimzi;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The health checks of Strimzi's bridge, for probes that were written for it: this process alone,
 * as there. {@code /actuator/health} knows more, the brokers' reachability among it.
 */
@RestController
@Tag(name = "health")
final class HealthController {

    private final ApplicationAvailability availability;

    HealthController(ApplicationAvailability availability) {
        this.availability = availability;
    }

    @GetMapping("/healthy")
    @Operation(summary = "Is it alive?", description = "Whether the gateway runs, without a body.")
    @ApiResponse(responseCode = "200", description = "It runs.")
    @ApiResponse(responseCode = "500", description = "It must be restarted.")
    ResponseEntity<Void> healthy() {
        return answer(availability.getLivenessState() == LivenessState.CORRECT);
    }

    @GetMapping("/ready")
    @Operation(
            summary = "Is it ready?",
            description = "Whether the gateway takes requests, without a body.")
    @ApiResponse(responseCode = "200", description = "It takes requests.")
    @ApiResponse(responseCode = "500", description = "It starts or stops.")
    ResponseEntity<Void> ready() {
        return answer(availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC);
    }

    private static ResponseEntity<Void> answer(boolean good) {
        return ResponseEntity.status(good ? HttpStatus.OK : HttpStatus.INTERNAL_SERVER_ERROR)
                .build();
    }
}
