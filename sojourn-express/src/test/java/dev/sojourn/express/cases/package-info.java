/** The behaviour of express-session, case by case, tested on a Sojourn application over real HTTP. */
@NullMarked
package dev.sojourn.express.cases;

import org.jspecify.annotations.NullMarked;
