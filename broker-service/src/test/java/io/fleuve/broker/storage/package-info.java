/** Tests of the object store. */
@NullMarked
package io.fleuve.broker.storage;

import org.jspecify.annotations.NullMarked;
