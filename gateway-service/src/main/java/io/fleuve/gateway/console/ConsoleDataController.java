package io.fleuve.gateway.console;

import io.fleuve.gateway.console.ConsoleData.Alerts;
import io.fleuve.gateway.console.ConsoleData.Groups;
import io.fleuve.gateway.console.ConsoleData.Overview;
import io.fleuve.gateway.console.ConsoleData.Topics;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the console shows of the whole cluster, from one look an interval for all browsers. */
@RestController
@RequestMapping(path = "/console", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Console")
final class ConsoleDataController {

    private final Telemetry telemetry;
    private final AlertsClient alerts;
    private final ConsolePage page;
    private final ConsoleProperties properties;

    ConsoleDataController(
            Telemetry telemetry,
            AlertsClient alerts,
            ConsolePage page,
            ConsoleProperties properties) {
        this.telemetry = telemetry;
        this.alerts = alerts;
        this.page = page;
        this.properties = properties;
    }

    @GetMapping("/overview")
    @Operation(
            operationId = "consoleOverview",
            summary = "See the cluster at a glance",
            description =
                    "Totals, rates and the last minutes of them. While the brokers are away the answer is what"
                            + " was last seen, with the reason as `failure`.")
    ResponseEntity<Overview> overview() {
        return fresh(
                ConsoleData.overview(
                        telemetry.view(), page.version(), properties.interval().toMillis()));
    }

    @GetMapping("/topics")
    @Operation(
            operationId = "consoleTopics",
            summary = "See all topics with their rates",
            description = "Messages, bytes and recent messages a second of each topic, by name.")
    ResponseEntity<Topics> topics() {
        return fresh(ConsoleData.topics(telemetry.view()));
    }

    @GetMapping("/groups")
    @Operation(
            operationId = "consoleGroups",
            summary = "See all consumer groups with their lag",
            description = "State, members and total lag of each consumer group, by name.")
    ResponseEntity<Groups> groups() {
        return fresh(ConsoleData.groups(telemetry.view()));
    }

    @GetMapping("/alerts")
    @Operation(
            operationId = "consoleAlerts",
            summary = "See the newest alerts",
            description =
                    "The alert service's list, fetched for a browser that may not ask another origin. While"
                            + " that service is away the list is empty, with the reason as `failure`.")
    ResponseEntity<Alerts> alerts() {
        return fresh(
                switch (alerts.alerts()) {
                    case AlertsClient.Outcome.Answered(var list) -> new Alerts(null, list);
                    case AlertsClient.Outcome.Away(String reason) ->
                            new Alerts(reason, JsonNodeFactory.instance.arrayNode());
                });
    }

    private static <T> ResponseEntity<T> fresh(T body) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
    }
}
