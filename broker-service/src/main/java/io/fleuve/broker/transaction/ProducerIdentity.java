package io.fleuve.broker.transaction;

/** A producer's id and epoch. */
public record ProducerIdentity(long id, short epoch) {

    /** None, or not known. */
    public static final ProducerIdentity NONE = new ProducerIdentity(-1, (short) -1);

    private static final short LAST_EPOCH = Short.MAX_VALUE - 1;

    /** Whether there is no further epoch: then the producer gets another id. */
    public boolean isExhausted() {
        return epoch >= LAST_EPOCH;
    }
}
