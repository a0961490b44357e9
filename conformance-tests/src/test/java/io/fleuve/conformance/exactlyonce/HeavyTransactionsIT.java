package io.fleuve.conformance.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fleuve.conformance.clients.HeavyJob;
import io.fleuve.conformance.exactlyonce.CopyRun.Crash;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink's exactly-once sink, in both ways in which it names transactions: one tries ids until none
 * has a transaction left, the other asks the platform for those that are open. Only with the
 * profile {@code heavy-clients}.
 */
@EnabledIfSystemProperty(
        named = HeavyJob.MAVEN,
        matches = ".+",
        disabledReason = "-Pheavy-clients runs it, which downloads Spark and Flink")
class HeavyTransactionsIT {

    private static final Logger LOGGER = LoggerFactory.getLogger(HeavyTransactionsIT.class);
    private static final int BETWEEN = 400;

    private final HeavyJob flink = HeavyJob.flink();
    private final HeavyJob spark = HeavyJob.spark();

    @ParameterizedTest
    @ValueSource(strings = {"INCREMENTING", "POOLING"})
    void everyNumberIsCopiedExactlyOnceThroughCrashes(String naming) throws Exception {
        flink.unavailable().ifPresent(reason -> abort(reason));
        spark.unavailable().ifPresent(reason -> abort(reason));
        List<Crash> crashes = List.of(Crash.values());
        CopyRun.Result result =
                CopyRun.run(new CopyRun.Plan(naming, crashes, BETWEEN), flink, spark);
        LOGGER.atInfo().addKeyValue("result", result.toMarkdown()).log("numbers were copied");
        assertThat(result.violations()).isEmpty();
        assertThat(result.numbers()).isGreaterThan((long) crashes.size() * BETWEEN);
        // Otherwise nothing was tried: no transaction was cut off, or nobody read meanwhile.
        assertThat(result.abortedTransactions()).isPositive();
        assertThat(result.sparkBatches()).isGreaterThan(crashes.size());
    }
}
