@NullMarked
package io.fleuve.gateway.events;

import org.jspecify.annotations.NullMarked;
