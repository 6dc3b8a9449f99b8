package dev.sojourn.spring.sample;

import java.time.LocalDate;

/** What a user wrote. Named in {@code sojourn.attributes.types}, since an {@code HttpSession} holds it. */
public record Note(String text, LocalDate day) {}
