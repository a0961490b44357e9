/**
 * What providers report after the fact. {@link io.fleuve.alerts.receipts.ReceiptReader} checks the
 * signatures of their webhooks and reads them; where receipts are kept is not known here.
 */
@NullMarked
package io.fleuve.alerts.receipts;

import org.jspecify.annotations.NullMarked;
