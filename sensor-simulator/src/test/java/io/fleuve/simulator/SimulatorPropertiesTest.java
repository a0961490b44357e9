package io.fleuve.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleuve.simulator.live.Pace;
import io.fleuve.simulator.replay.Times;
import io.fleuve.simulator.simulation.Region;
import io.fleuve.simulator.simulation.Senegal;
import io.fleuve.simulator.source.CsvFormat;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SimulatorPropertiesTest {

    @Test
    void replaysTheShippedDataThroughKafkaUnlessToldOtherwise() {
        SimulatorProperties usual = bind("speed", "", "rate", "");

        assertThat(usual.source()).isEqualTo(SimulatorProperties.Source.REPLAY);
        assertThat(usual.publish()).isEqualTo(SimulatorProperties.Way.KAFKA);
        assertThat(usual.replay().speed().factor()).isEqualTo(3_600);
        assertThat(usual.replay().times()).isEqualTo(Times.REBASED);
        assertThat(usual.csv().format()).isEqualTo(CsvFormat.SHIPPED);
        assertThat(usual.kafkaTopic().maxUnacknowledged()).isEqualTo(1_000);
        assertThat(usual.simulated().regions()).isEqualTo(Senegal.REGIONS);
        assertThat(usual.simulated().pace()).isEqualTo(new Pace.Steady(2.1, 1));
    }

    @Test
    void readsRegionsPaceAndWay() {
        SimulatorProperties set =
                bind(
                        "source", "simulation",
                        "publish", "gateway",
                        "gateway.url", "http://gateway:8080/",
                        "rate", "500",
                        "speed", "60",
                        "simulation.start-at", "2024-01-01T00:00:00Z",
                        "simulation.regions[0].name", "oslo",
                        "simulation.regions[0].latitude", "59.9",
                        "simulation.regions[0].longitude", "10.7",
                        "simulation.regions[0].sensors", "100",
                        "simulation.faults.late-up-to", "1h");

        assertThat(set.simulated().pace()).isEqualTo(new Pace.Steady(500, 60));
        assertThat(set.simulated().regions())
                .containsExactly(new Region("oslo", 59.9, 10.7, 0, 0.3, 100));
        assertThat(set.simulated().faults().lateUpTo()).isEqualTo(Duration.ofHours(1));
        assertThat(set.gatewayTopic().url()).hasHost("gateway");
        assertThat(set.kafkaTopic().maxUnacknowledged()).isEqualTo(10_000);
        // A simulation's speed is not that of a replay that someone may start later.
        assertThat(set.replay().speed().factor()).isEqualTo(3_600);
        assertThat(bind("rate", "max").simulated().pace())
                .isEqualTo(new Pace.Unlimited(Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate | fast | rate must be a number of readings a second or 'max', not 'fast'",
                "rate | 0.1 | fleuve.simulator.simulation.rate must be between 1 and 10000000",
                "speed | 0.5 | fleuve.simulator.speed must be between 1",
                "simulation.interval | 0s | fleuve.simulator.simulation.interval must be between",
                "simulation.faults.late | 2 | fleuve.simulator.simulation.faults.late must be between 0 and 1, not 2.0",
                "simulation.regions[0].latitude | 91 | fleuve.simulator.simulation.regions[0].name must be",
                "max-scenarios | 0 | fleuve.simulator.max-scenarios must be between 1 and 10000, not 0",
                "max-unacknowledged | 0 | fleuve.simulator.max-unacknowledged must be between",
                "gateway.url | 8080 | fleuve.simulator.gateway.url must be one such as http://127.0.0.1:8080",
                "gateway.lanes | 0 | fleuve.simulator.gateway.lanes must be between 1 and 64, not 0",
                "csv.separator | ;; | fleuve.simulator.csv.separator must be one character or 'tab'",
                "csv.region | '' | fleuve.simulator.csv.region or sensor must name the column",
                "csv.time-format | noon | fleuve.simulator.csv.time-format must be iso",
                "topic | ' ' | fleuve.simulator.topic must not be blank",
            })
    void namesTheKeyThatIsWrong(String key, String value, String problem) {
        assertThatThrownBy(
                        () -> {
                            SimulatorProperties bound = bind(key, value);
                            bound.replay();
                            bound.simulated();
                            bound.gatewayTopic();
                            bound.csv().format();
                        })
                .hasStackTraceContaining(problem);
    }

    @Test
    void refusesToRunAheadOfThePresent() {
        SimulatorProperties ahead = bind("source", "simulation", "speed", "60");
        assertThatThrownBy(ahead::simulated)
                .hasMessageContaining("needs fleuve.simulator.simulation.start-at");
    }

    @Test
    void refusesARateThatContradictsTheInterval() {
        SimulatorProperties both = bind("rate", "10", "simulation.interval", "5s");
        assertThatThrownBy(both::simulated).hasMessageContaining("leave one out");
    }

    @Test
    void refusesToLoopInRecordedTimes() {
        assertThatThrownBy(() -> bind("loop", "true", "times", "recorded"))
                .hasStackTraceContaining("the second pass would repeat the times of the first");
    }

    private static SimulatorProperties bind(String... keysAndValues) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put("fleuve.simulator." + keysAndValues[i], keysAndValues[i + 1]);
        }
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("fleuve.simulator", SimulatorProperties.class);
    }
}
