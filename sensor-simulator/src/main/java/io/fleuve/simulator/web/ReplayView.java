package io.fleuve.simulator.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fleuve.simulator.replay.ReplayRun;
import io.fleuve.simulator.replay.ReplayStatus;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A replay as JSON. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Replay")
record ReplayView(
        ReplayStatus.State state,
        @Schema(description = "Why it waits or failed, if it does") @Nullable String detail,
        @Schema(description = "The data that are replayed", example = "senegal-hourly-2024")
                String source,
        @Schema(description = "Readings of this pass that lie behind") int position,
        @Schema(description = "Readings of a pass") int total,
        @Schema(description = "Part of this pass that lies behind, from 0 to 1") double progress,
        @Schema(description = "Passes through the data that lie behind") long pass,
        @Schema(description = "Readings acknowledged by the broker since the process started")
                long sent,
        @Schema(description = "Blank readings passed over since the process started") long skipped,
        @Schema(description = "Readings that a scenario kept back since the process started")
                long silenced,
        @Schema(description = "Readings that the broker refused since the process started")
                long failed,
        @Schema(description = "Readings on their way") int unacknowledged,
        @Schema(
                        description = "Seconds of recorded time for a second of the clock",
                        example = "3600")
                double speed,
        @Schema(description = "Readings acknowledged a second, over the last ten seconds")
                double readingsPerSecond,
        @Schema(description = "The time of the newest reading that was acknowledged")
                @Nullable Instant eventTime,
        @Schema(description = "The recorded time at which this run began")
                @Nullable Instant recordedFrom,
        @Schema(description = "The time that the run's first reading was published under")
                @Nullable Instant observedFrom,
        @Schema(description = "How long the next reading is overdue") long lagMs) {

    static ReplayView of(ReplayStatus status) {
        ReplayRun run = status.run();
        return new ReplayView(
                status.state(),
                status.detail(),
                status.source(),
                status.position(),
                status.total(),
                status.progress(),
                status.pass(),
                status.sent(),
                status.skipped(),
                status.silenced(),
                status.failed(),
                status.unacknowledged(),
                status.speed(),
                status.readingsPerSecond(),
                status.eventTime(),
                run == null ? null : run.recordedFrom(),
                run == null ? null : run.observedFrom(),
                status.lag().toMillis());
    }
}
