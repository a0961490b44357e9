@NullMarked
package io.fleuve.gateway.consumers;

import org.jspecify.annotations.NullMarked;
