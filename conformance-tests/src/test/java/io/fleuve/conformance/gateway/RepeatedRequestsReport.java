package io.fleuve.conformance.gateway;

import java.util.List;

/**
 * What came of a run.
 *
 * @param messages that were to be written, each under a key of its own
 * @param requests that were sent for them
 * @param responsesLost answers that were thrown away, and requests that were given up
 * @param replayed answers that were those of an earlier request
 * @param conflicts answers that another request is under way
 * @param failures connections that broke, and answers that the brokers or the gateway failed
 * @param kills of gateways
 * @param longestMs from the first request for a message to its answer
 */
record RepeatedRequestsReport(
        String subject,
        int messages,
        long requests,
        long responsesLost,
        long replayed,
        long conflicts,
        long failures,
        int kills,
        long longestMs,
        List<String> violations) {

    String toMarkdown() {
        return """
        | repeated requests on %s | |
        |---|---|
        | messages | %d |
        | requests | %d |
        | responses lost on purpose | %d |
        | answers replayed | %d |
        | answers "under way" (409) | %d |
        | broken connections and 5xx | %d |
        | gateways killed | %d |
        | longest time to an answer | %d ms |
        | violations | %d |
        """
                .formatted(
                        subject,
                        messages,
                        requests,
                        responsesLost,
                        replayed,
                        conflicts,
                        failures,
                        kills,
                        longestMs,
                        violations.size());
    }
}
