@NullMarked
package io.fleuve.broker;

import org.jspecify.annotations.NullMarked;
