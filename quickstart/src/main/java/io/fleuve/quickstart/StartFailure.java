package io.fleuve.quickstart;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Why the quickstart did not come up, in a sentence for the person who started it. */
final class StartFailure extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    StartFailure(String sentence) {
        super(sentence);
    }

    StartFailure(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
