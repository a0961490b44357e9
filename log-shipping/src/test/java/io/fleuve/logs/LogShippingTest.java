package io.fleuve.logs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** When an application's log is shipped, without any broker. */
class LogShippingTest {

    private static final String NOWHERE = "--fleuve.logs.bootstrap-servers=127.0.0.1:1";

    @Configuration(proxyBeanMethods = false)
    static class Nothing {}

    @Test
    void nothingIsShippedUnlessATopicIsNamed() {
        try (ConfigurableApplicationContext _ = run("--fleuve.logs.topic=")) {
            assertThat(appender()).isNull();
        }
    }

    @Test
    void applicationsOfOneProcessShareOneAppenderUntilTheLastEnds() {
        String topic = "--fleuve.logs.topic=logs";
        ConfigurableApplicationContext first = run(topic, NOWHERE);
        Appender<ILoggingEvent> shared = appender();
        assertThat(shared).isNotNull();
        ConfigurableApplicationContext second = run(topic, NOWHERE);
        assertThat(appender()).isSameAs(shared);
        first.close();
        assertThat(appender()).isSameAs(shared);
        assertThat(shared.isStarted()).isTrue();
        second.close();
        assertThat(appender()).isNull();
        assertThat(shared.isStarted()).isFalse();
    }

    @Test
    void anApplicationThatStartsLaterIsShippedAgain() {
        run("--fleuve.logs.topic=logs", NOWHERE).close();
        try (ConfigurableApplicationContext _ = run("--fleuve.logs.topic=logs", NOWHERE)) {
            assertThat(appender()).isNotNull();
        }
        assertThat(appender()).isNull();
    }

    private static ConfigurableApplicationContext run(String... arguments) {
        SpringApplication application = new SpringApplication(Nothing.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application.run(arguments);
    }

    private static @Nullable Appender<ILoggingEvent> appender() {
        return ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME))
                .getAppender("log-shipping");
    }
}
