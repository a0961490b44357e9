@NullMarked
package io.fleuve.gateway.kafka;

import org.jspecify.annotations.NullMarked;
