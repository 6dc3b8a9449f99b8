package dev.sojourn.spring;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Predicate;

/** Which requests another protection examines for CSRF, so that Sojourn's leaves them alone. */
interface CsrfProtection extends Predicate<HttpServletRequest> {}
