@NullMarked
package io.fleuve.gateway.errors;

import org.jspecify.annotations.NullMarked;
