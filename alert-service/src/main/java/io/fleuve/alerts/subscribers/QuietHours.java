package io.fleuve.alerts.subscribers;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;

/**
 * The hours of each day, by the subscriber's own clock, in which messages wait or are dropped.
 *
 * <p>Where the clock jumps, quiet hours keep to what it shows: an end that the jump leaves out is
 * the moment of the jump, an end that comes twice is the later one, a start that comes twice the
 * earlier.
 *
 * @param from begin of the quiet hours
 * @param to their end, on the next day if it is not after {@code from}
 * @param criticalOverrides whether critical messages come all the same
 */
public record QuietHours(
        LocalTime from, LocalTime to, ZoneId zone, boolean criticalOverrides, Policy policy) {

    /** What becomes of a message in quiet hours. */
    public enum Policy {
        /** It waits for their end. */
        DELAY,
        /** It is not sent. */
        DROP
    }

    public QuietHours {
        if (from.equals(to)) {
            throw new IllegalArgumentException("quiet hours must not begin when they end");
        }
    }

    /** When the quiet hours that {@code now} lies in are over; empty if it lies in none. */
    public Optional<Instant> endIfQuiet(Instant now) {
        LocalDate today = now.atZone(zone).toLocalDate();
        // Those of yesterday may last until today.
        for (LocalDate day : new LocalDate[] {today.minusDays(1), today}) {
            Instant start = at(day, from).withEarlierOffsetAtOverlap().toInstant();
            LocalDate lastDay = to.isAfter(from) ? day : day.plusDays(1);
            Instant end = at(lastDay, to).withLaterOffsetAtOverlap().toInstant();
            if (!now.isBefore(start) && now.isBefore(end)) {
                return Optional.of(end);
            }
        }
        return Optional.empty();
    }

    private ZonedDateTime at(LocalDate day, LocalTime time) {
        LocalDateTime local = day.atTime(time);
        ZoneOffsetTransition transition = zone.getRules().getTransition(local);
        return transition != null && transition.isGap()
                ? transition.getInstant().atZone(zone)
                : local.atZone(zone);
    }
}
