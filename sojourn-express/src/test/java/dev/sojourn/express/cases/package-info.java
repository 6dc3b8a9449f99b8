/** What express-session does, case by case, asked of an application of ours over real HTTP. */
@NullMarked
package dev.sojourn.express.cases;

import org.jspecify.annotations.NullMarked;
