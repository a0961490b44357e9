package io.fleuve.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * One log for all services: everything of ours in a file, and on the console only what needs
 * attention.
 *
 * <p>Spring Boot's own set-up is switched off: each of four contexts would repeat it while the
 * others log.
 */
final class QuickstartLogging {

    private static final String CONFIGURATION = "quickstart-logback.xml";

    private QuickstartLogging() {}

    /** To be called before the first logger is asked for. */
    static void configure(Path logFile) {
        try {
            Files.createDirectories(logFile.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new StartFailure(
                    "The data directory cannot be made (%s): choose another with FLEUVE_DATA_DIR."
                            .formatted(e),
                    e);
        }
        System.setProperty("fleuve.log.file", logFile.toString());
        setUnlessSet("logback.configurationFile", CONFIGURATION);
        setUnlessSet("org.springframework.boot.logging.LoggingSystem", "none");
        LogManager.getLogManager().reset(); // Tomcat logs there
        SLF4JBridgeHandler.install();
    }

    /** Keeps the stack of a failure whose sentence is told on the console. */
    static void record(StartFailure failure) {
        if (System.getProperty("fleuve.log.file") != null) {
            LoggerFactory.getLogger("io.fleuve.quickstart.file")
                    .atError()
                    .setCause(failure)
                    .log("did not start");
        }
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
