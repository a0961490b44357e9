@NullMarked
package io.fleuve.distribution;

import org.jspecify.annotations.NullMarked;
