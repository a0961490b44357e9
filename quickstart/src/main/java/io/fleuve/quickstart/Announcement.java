package io.fleuve.quickstart;

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
        return """

              Fleuve is up after %s. Ctrl-C stops it; the next start finds everything again.

                Kafka protocol   %s
                gateway          %s   (REST; documentation at /swagger-ui.html)
                alert service    %s   (rules and alerts; documentation at /swagger-ui.html)
                simulator        %s
                broker           %s   (health, metrics)
                data and log     %s

              Worth trying:
                curl %s/v3/clusters
                curl '%s/topics/temperature-data/partitions/3/records?offset=0&max_records=3'
                curl %s/alerts

              Alerts appear below as they start and end.

            """
                .formatted(
                        elapsed,
                        settings.address(Endpoint.KAFKA).forClients(),
                        gateway,
                        alerts,
                        settings.address(Endpoint.SIMULATOR).url(),
                        settings.address(Endpoint.BROKER).url(),
                        settings.dataDirectory(),
                        gateway,
                        gateway,
                        alerts);
    }
}
