package io.fleuve.simulator.source;

import java.util.List;

/**
 * A finite sequence of readings that can be replayed. Recorded data is one.
 *
 * <p>A replay that was interrupted goes on after what it finds published. That needs the same
 * source to give the same readings under the same name every time.
 */
public interface ReadingSource {

    /**
     * Names this sequence; lower-case letters, digits, dots and hyphens. A changed sequence needs
     * another name.
     */
    String name();

    /**
     * All readings, in the order of their time, at most one of a series at a time; never empty. The
     * list has random access and does not change.
     */
    List<RecordedReading> readings();
}
