package dev.sojourn.spring;

import jakarta.servlet.http.HttpSession;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Says whose a session is. */
@FunctionalInterface
interface SubjectSource extends Function<HttpSession, @Nullable String> {}
