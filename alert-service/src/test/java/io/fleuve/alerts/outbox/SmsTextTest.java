package io.fleuve.alerts.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SmsTextTest {

    @Test
    void countsSegmentsAsTheyArePaidFor() {
        assertThat(SmsText.segments("a".repeat(160))).isEqualTo(1);
        assertThat(SmsText.segments("a".repeat(161))).isEqualTo(2);
        assertThat(SmsText.segments("a".repeat(307))).isEqualTo(3);
        assertThat(SmsText.segments("€".repeat(80))).isEqualTo(1);
        assertThat(SmsText.segments("€".repeat(81))).isEqualTo(2);
        assertThat(SmsText.segments("ж".repeat(70))).isEqualTo(1);
        assertThat(SmsText.segments("ж".repeat(71))).isEqualTo(2);
    }

    @Test
    void dropsAccentsThatWouldMoreThanHalveTheLength() {
        assertThat(SmsText.fit("Alerte à Saint-Louis, fenêtre 31 °C – été", 1))
                .isEqualTo("Alerte à Saint-Louis, fenetre 31 C - été");
        assertThat(SmsText.fit("Тревога", 1)).isEqualTo("Тревога");
    }

    @Test
    void cutsWhatIsTooLong() {
        assertThat(SmsText.fit("a".repeat(1000), 2)).hasSize(306).endsWith("a...");
        assertThat(SmsText.segments(SmsText.fit("ж".repeat(1000), 3))).isEqualTo(3);
    }
}
