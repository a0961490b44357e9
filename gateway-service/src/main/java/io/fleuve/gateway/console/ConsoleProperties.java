package io.fleuve.gateway.console;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The console's settings, all below {@code fleuve.gateway.console}.
 *
 * @param interval how often the cluster is looked at while somebody watches
 * @param metersInterval how often the lag of groups and the size of topics are measured for
 *     Prometheus; zero for never
 * @param history how far back the charts reach; when nobody has watched for so long, the cluster is
 *     left alone
 * @param sparkline how many of the latest intervals a topic's small chart shows
 * @param maxPartitions partitions that are counted; topics beyond are listed without numbers
 * @param maxGroups consumer groups that are shown
 * @param alertsUrl where the alert service is
 * @param alertsTimeout how long the alert service may take
 * @param alertsMaxSize the most bytes taken from the alert service at a time
 */
public record ConsoleProperties(
        @DefaultValue("2s") Duration interval,
        @DefaultValue("15s") Duration metersInterval,
        @DefaultValue("10m") Duration history,
        @DefaultValue("45") int sparkline,
        @DefaultValue("20000") int maxPartitions,
        @DefaultValue("1000") int maxGroups,
        @DefaultValue("http://127.0.0.1:8082") URI alertsUrl,
        @DefaultValue("2s") Duration alertsTimeout,
        @DefaultValue("1MB") DataSize alertsMaxSize) {

    private static final String PREFIX = "fleuve.gateway.console.";
    private static final int MAX_POINTS = 10_000;

    public ConsoleProperties {
        check(
                interval.toMillis() >= 100,
                "interval",
                "at least 100ms, or the brokers have little else to do",
                interval);
        check(
                metersInterval.isZero() || metersInterval.toMillis() >= 1_000,
                "meters-interval",
                "0, or at least 1s",
                metersInterval);
        check(
                history.compareTo(interval) >= 0
                        && history.toMillis() / interval.toMillis() <= MAX_POINTS,
                "history",
                "from one to " + MAX_POINTS + " intervals (" + interval + ")",
                history);
        check(sparkline >= 2 && sparkline <= 1000, "sparkline", "from 2 to 1000", sparkline);
        check(maxPartitions > 0, "max-partitions", "at least 1", maxPartitions);
        check(maxGroups > 0, "max-groups", "at least 1", maxGroups);
        check(
                alertsUrl.isAbsolute()
                        && alertsUrl.getHost() != null
                        && !alertsUrl.toString().endsWith("/"),
                "alerts-url",
                "an absolute URL without a slash at the end, such as http://127.0.0.1:8082",
                alertsUrl);
        check(alertsTimeout.isPositive(), "alerts-timeout", "longer than zero", alertsTimeout);
        check(
                alertsMaxSize.toBytes() >= 1024 && alertsMaxSize.toBytes() <= 1 << 26,
                "alerts-max-size",
                "from 1KB to 64MB",
                alertsMaxSize);
    }

    int points() {
        return Math.toIntExact(history.toMillis() / interval.toMillis());
    }

    private static void check(boolean holds, String key, String expected, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "%s%s must be %s, but is %s".formatted(PREFIX, key, expected, value));
        }
    }
}
