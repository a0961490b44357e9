@NullMarked
package io.fleuve.gateway.read;

import org.jspecify.annotations.NullMarked;
