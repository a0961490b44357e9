package numbers;

import java.util.UUID;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/**
 * Appends to each record which transaction it belongs to, and which of its records it is, from 1. Kafka's clients do
 * not tell, so that nobody who reads could see a torn transaction otherwise. The transaction's name is made of the
 * life of this subtask and of the checkpoint that it began after, because the sink, in the same chain, begins one
 * whenever a checkpoint passes.
 */
final class Stamp extends RichMapFunction<String, String> implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    private transient String life;
    private transient long checkpoint;
    private transient long position;

    @Override
    public void open(OpenContext context) {
        life = UUID.randomUUID().toString();
        checkpoint = 0;
        position = 0;
    }

    @Override
    public String map(String record) {
        position++;
        return record + " " + life + "/" + checkpoint + " " + position;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        checkpoint = context.getCheckpointId();
        position = 0;
    }

    /** It keeps nothing: a restored subtask lives anew. */
    @Override
    public void initializeState(FunctionInitializationContext context) {}
}
