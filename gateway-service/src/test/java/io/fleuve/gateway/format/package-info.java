@NullMarked
package io.fleuve.gateway.format;

import org.jspecify.annotations.NullMarked;
