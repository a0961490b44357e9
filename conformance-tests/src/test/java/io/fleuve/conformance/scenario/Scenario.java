package io.fleuve.conformance.scenario;

/**
 * Something that a client does, on a platform that others use too: each run takes names of its own.
 *
 * @param name as it stands in {@link io.fleuve.conformance.Difference} and in the test's report
 * @param script what is done and written down
 */
public record Scenario(String name, Script script) {

    /** The client's part. */
    @FunctionalInterface
    public interface Script {

        void run(Client client, Observation seen) throws Exception;
    }

    /** Runs on a platform, and returns what was seen. */
    public Observation observe(String bootstrapServers) throws Exception {
        Observation seen = new Observation();
        script.run(new Client(bootstrapServers), seen);
        return seen;
    }
}
