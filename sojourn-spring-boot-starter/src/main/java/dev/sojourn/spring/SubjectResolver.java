package dev.sojourn.spring;

import jakarta.servlet.http.HttpSession;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the subject of a session. */
@FunctionalInterface
interface SubjectResolver extends Function<HttpSession, @Nullable String> {}
