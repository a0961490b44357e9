package io.fleuve.kafkapeer;

import java.io.IOException;
import kafka.Kafka;
import kafka.tools.StorageTool;

/**
 * What runs in the child JVM: formats the log directory when it is new, then becomes the broker.
 */
final class KafkaProcess {

    private KafkaProcess() {}

    /**
     * Arguments: the cluster id and the path of the broker's properties. Standard input belongs to
     * the parent: its end is the parent's end, however that came about, and the broker's as well.
     */
    public static void main(String[] args) {
        String clusterId = args[0];
        String properties = args[1];
        String[] format = {"format", "-t", clusterId, "-c", properties, "--ignore-formatted"};
        int exitCode = StorageTool.execute(format, System.out);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
        Thread.ofPlatform().daemon().name("parent-watch").start(KafkaProcess::exitWithParent);
        Kafka.main(new String[] {properties});
    }

    private static void exitWithParent() {
        try {
            while (System.in.read() >= 0) {
                // the parent has nothing to say
            }
        } catch (IOException e) {
            // a broken pipe is an end, too
        }
        System.exit(0);
    }
}
