package io.fleuve.quickstart;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What {@code bin/kafka-server-start.sh config/server.properties} runs: one broker, and a
 * PostgreSQL for it unless it is told of one. Environment variables win over the file.
 */
public final class KafkaServerStart {

    private static final String USAGE =
            "usage: kafka-server-start.sh [-daemon] server.properties [--override property=value]*";

    private KafkaServerStart() {}

    public static void main(String[] args) {
        try {
            ServerProperties properties = ServerProperties.read(arguments(args));
            properties
                    .notes()
                    .forEach(note -> System.err.println("kafka-server-start.sh: " + note));
            properties.variables().forEach(KafkaServerStart::setUnlessInEnvironment);
            setUnlessInEnvironment("FLEUVE_SERVICES", Part.BROKER.key());
        } catch (StartFailure e) {
            System.err.println("kafka-server-start.sh: " + e.getMessage());
            System.exit(1);
        }
        QuickstartApplication.main(new String[0]);
    }

    private static Map<String, String> arguments(String[] args) {
        if (args.length == 0 || args[0].startsWith("-")) {
            throw new StartFailure(USAGE);
        }
        Map<String, String> properties = file(Path.of(args[0]));
        for (int i = 1; i < args.length; i += 2) {
            String[] pair = i + 1 < args.length ? args[i + 1].split("=", 2) : new String[0];
            if (!args[i].equals("--override") || pair.length != 2) {
                throw new StartFailure(USAGE);
            }
            properties.put(pair[0], pair[1]);
        }
        return properties;
    }

    private static Map<String, String> file(Path path) {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            read.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartFailure("The settings in %s cannot be read: %s".formatted(path, e), e);
        }
        Map<String, String> properties = new TreeMap<>();
        read.stringPropertyNames().forEach(name -> properties.put(name, read.getProperty(name)));
        return properties;
    }

    private static void setUnlessInEnvironment(String variable, String value) {
        String given = System.getenv(variable);
        if (given == null || given.isBlank()) {
            System.setProperty(variable, value);
        }
    }
}
