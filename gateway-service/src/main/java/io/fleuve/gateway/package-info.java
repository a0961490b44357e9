@NullMarked
package io.fleuve.gateway;

import org.jspecify.annotations.NullMarked;
