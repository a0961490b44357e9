/**
 * The platforms that scenarios run on, each in processes of its own. {@link
 * io.fleuve.conformance.platform.PlatformUnderTest} is the port. It must not know any scenario.
 */
@NullMarked
package io.fleuve.conformance.platform;

import org.jspecify.annotations.NullMarked;
