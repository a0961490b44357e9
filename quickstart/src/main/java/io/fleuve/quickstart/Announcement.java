package io.fleuve.quickstart;

import java.util.EnumSet;
import java.util.StringJoiner;

/** What the console says first, and what it says when everything is up. */
final class Announcement {

    private Announcement() {}

    static String banner() {
        return """

              ~~~  F L E U V E  ~~~   event streaming and weather alerts, all in one process

            """;
    }

    static String ready(QuickstartSettings settings, String elapsed) {
        String gateway = settings.address(Endpoint.GATEWAY).url();
        String alerts = settings.address(Endpoint.ALERTS).url();
        StringJoiner lines = new StringJoiner("\n  ", "\n  ", "\n\n");
        lines.add(
                "Fleuve is up after %s. Ctrl-C stops it; the next start finds everything again."
                        .formatted(elapsed));
        lines.add("");
        if (settings.parts().contains(Part.BROKER)) {
            lines.add(where("Kafka protocol", settings.address(Endpoint.KAFKA).forClients(), ""));
        }
        if (settings.parts().contains(Part.GATEWAY)) {
            lines.add(where("gateway", gateway, "REST; documentation at /swagger-ui.html"));
        }
        if (settings.parts().contains(Part.ALERTS)) {
            lines.add(
                    where(
                            "alert service",
                            alerts,
                            "rules and alerts; documentation at /swagger-ui.html"));
        }
        if (settings.parts().contains(Part.SIMULATOR)) {
            lines.add(where("simulator", settings.address(Endpoint.SIMULATOR).url(), ""));
        }
        if (settings.parts().contains(Part.BROKER)) {
            lines.add(where("broker", settings.address(Endpoint.BROKER).url(), "health, metrics"));
        }
        lines.add(where("data and log", settings.dataDirectory().toString(), ""));
        if (settings.parts().equals(EnumSet.allOf(Part.class))) {
            lines.add("");
            lines.add("Worth trying:");
            lines.add("  curl %s/v3/clusters".formatted(gateway));
            lines.add(
                    "  curl '%s/topics/temperature-data/partitions/3/records?offset=0&max_records=3'"
                            .formatted(gateway));
            lines.add("  curl %s/alerts".formatted(alerts));
            lines.add("");
            lines.add("Alerts appear below as they start and end.");
        }
        return lines.toString();
    }

    private static String where(String what, String address, String purpose) {
        String line = "  %-16s %s".formatted(what, address);
        return purpose.isEmpty() ? line : line + "   (" + purpose + ")";
    }
}
