package io.fleuve.conformance.exactlyonce;

/** The long form: system properties in, a table out. */
final class StreamsExactlyOnce {

    private StreamsExactlyOnce() {}

    /** Ends with status 1 if the outputs differ. */
    public static void main(String[] args) throws Exception {
        ExactlyOnceRun.Result result =
                ExactlyOnceRun.run(
                        new ExactlyOnceRun.Plan(
                                Long.getLong("seed", 42),
                                Integer.getInteger("kills", 10),
                                Integer.getInteger("between", 1_000)));
        System.out.println(result.toMarkdown());
        result.differences().forEach(difference -> System.out.println("VIOLATION: " + difference));
        System.exit(result.differences().isEmpty() ? 0 : 1);
    }
}
