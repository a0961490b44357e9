@NullMarked
package io.fleuve.alerts;

import org.jspecify.annotations.NullMarked;
