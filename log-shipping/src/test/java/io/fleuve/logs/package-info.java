@NullMarked
package io.fleuve.logs;

import org.jspecify.annotations.NullMarked;
