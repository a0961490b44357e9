package io.fleuve.quickstart;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void servicesAreKnownByTheirApplicationsAlone() {
        var classes =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.fleuve.quickstart");
        noClasses()
                .should()
                .dependOnClassesThat(innerClassOfAService())
                .because("the parts meet on TCP ports, as they do in a cluster")
                .check(classes);
    }

    private static DescribedPredicate<JavaClass> innerClassOfAService() {
        return DescribedPredicate.describe(
                "are inside a service",
                type ->
                        type.getPackageName()
                                        .matches(
                                                "io\\.fleuve\\.(broker|gateway|alerts|simulator)\\b.*")
                                && !type.getSimpleName().endsWith("Application"));
    }
}
