@NullMarked
package io.fleuve.gateway.console;

import org.jspecify.annotations.NullMarked;
