package dev.sojourn.spring;

import dev.sojourn.SignIn;
import jakarta.servlet.http.HttpSession;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds how and when the subject of a session signed in. */
@FunctionalInterface
interface SignInResolver extends Function<HttpSession, @Nullable SignIn> {}
