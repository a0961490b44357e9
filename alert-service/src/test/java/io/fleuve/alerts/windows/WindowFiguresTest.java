package io.fleuve.alerts.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowFiguresTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 24, 128, 129, 5_000})
    void givesTheFiguresOfAnExactCalculationInWhateverOrder(int count) {
        Random random = new Random(count);
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(Math.round(random.nextGaussian(5, 12) * 10) / 10.0);
        }
        WindowFigures inOrder = figures(values);
        List<Double> shuffled = new ArrayList<>(values);
        Collections.shuffle(shuffled, random);
        WindowFigures otherwise = figures(shuffled);

        BigDecimal n = BigDecimal.valueOf(count);
        BigDecimal sum =
                values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal mean = sum.divide(n, MathContext.DECIMAL128);
        BigDecimal squares =
                values.stream()
                        .map(v -> new BigDecimal(v).subtract(mean).pow(2))
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
        double deviation = Math.sqrt(squares.divide(n, MathContext.DECIMAL128).doubleValue());

        assertThat(inOrder.average()).isCloseTo(mean.doubleValue(), within(1e-14));
        assertThat(inOrder.standardDeviation()).isCloseTo(deviation, within(1e-12));
        assertThat(otherwise.average()).isCloseTo(inOrder.average(), within(1e-14));
        Collections.sort(values);
        for (double share : new double[] {0.5, 0.9, 0.95, 0.99}) {
            double exact = values.get(Math.max(0, (int) Math.ceil(share * count) - 1));
            assertThat(inOrder.percentile(share))
                    .isEqualTo(otherwise.percentile(share))
                    .isCloseTo(
                            exact,
                            within(
                                    count <= WindowFigures.EXACT_VALUES
                                            ? 0
                                            : 0.2 + 0.01 * Math.abs(exact)));
        }
    }

    @Test
    void saysHowFastTheTemperatureChanges() {
        WindowFigures figures = new WindowFigures();
        figures.add(1_800_000, 12);
        assertThat(figures.changePerHour()).isNaN();
        figures.add(0, 10);
        figures.add(900_000, 99);
        assertThat(figures.changePerHour()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 128, 1_000})
    void isTheSameAfterStorage(int count) {
        Random random = new Random(7);
        WindowFigures figures = new WindowFigures();
        for (int i = 0; i < count; i++) {
            figures.add(i, random.nextGaussian(0, 30));
        }
        byte[] stored = figures.encoded();
        WindowFigures restored = WindowFigures.decode(ByteBuffer.wrap(stored));
        assertThat(restored.encoded()).isEqualTo(stored);
        restored.add(count, 3);
        figures.add(count, 3);
        assertThat(restored.encoded()).isEqualTo(figures.encoded());
        assertThat(stored.length).isLessThan(20_000);
    }

    private static WindowFigures figures(List<Double> values) {
        WindowFigures figures = new WindowFigures();
        values.forEach(v -> figures.add(0, v));
        return figures;
    }
}
