package io.fleuve.broker.log;

/** The fake keeps the contract, too. */
class InMemorySequencerTest extends SequencerContract {

    private final InMemorySequencer sequencer = new InMemorySequencer();
    private long logs;

    @Override
    protected Sequencer sequencer() {
        return sequencer;
    }

    @Override
    protected long newLog() {
        logs++;
        sequencer.create(logs, 3);
        return logs;
    }
}
