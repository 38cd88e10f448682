Feature: TR-Conf.06a-c What a load profile captures, how often, and how much it keeps
  Quantities, capture period and number of periods can be configured; a change that is refused leaves no trace.

  @TR-Conf.06a @BI.02.step1 @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_capture_objects @needs.bench_time
  Scenario Outline: TR-Conf.06a-P01 Other objects are captured from the next period on
    Given the management client is associated
    When the load profile is told to capture <how> objects
    And a few capture periods pass
    Then the buffer has only rows from after the change, one for each capture that was due
    And each of them has a value for each of the objects
    And the number of entries in use is that of the rows

    Examples:
      | row   | how   |
      | fewer | fewer |
      | more  | more  |

  @TR-Conf.06a @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_capture_objects @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.06a-P02 With other objects each row still holds the energy of its instant
    Given the management client is associated
    And a load of 3000 W import
    When the load profile is told to capture fewer objects
    And a few capture periods pass
    Then their energy follows the load

  @TR-Conf.06a @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_capture_objects
  Scenario Outline: TR-Conf.06a-N01 Objects that cannot be captured are refused
    Given the management client is associated
    And rows and change records of the load profile are known
    When the management client writes "<value>"
    Then it is refused and leaves no trace

    Examples:
      | row               | value                           |
      | unknown-object    | an unknown capture object       |
      | unknown-attribute | an unknown attribute to capture |
      | too-many          | more capture objects than fit   |
      | none              | no capture objects              |
      | wrong-type        | capture objects of a wrong type |

  @TR-Conf.06a @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_capture_objects @needs.reading_association
  Scenario: TR-Conf.06a-N02 A client without the right changes no capture objects
    Given the management client is associated
    And rows and change records of the load profile are known
    When the reading client tries to write "objects" of the load profile
    Then it is refused and leaves no trace

  @TR-Conf.06b @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_capture_period @needs.bench_time
  Scenario Outline: TR-Conf.06b-P01 With another period rows come at its full multiples
    Given the management client is associated
    When the capture period is set to a <length> one
    And a few capture periods pass
    Then the buffer has only rows from after the change, one for each capture that was due
    And the number of entries in use is that of the rows

    Examples:
      | row     | length  |
      | shorter | shorter |
      | longer  | longer  |

  @TR-Conf.06b @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_capture_period @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.06b-P02 With another period each row holds the energy of its instant
    Given the management client is associated
    And a load of 6000 W import
    When the capture period is set to a longer one
    And a few capture periods pass
    Then their energy follows the load

  @TR-Conf.06b @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_capture_period @needs.bench_time
  Scenario: TR-Conf.06b-P03 A change of the period just before a capture loses and doubles no row
    Given the management client is associated
    When the capture period is set to a shorter one just before a capture
    And a few capture periods pass
    Then the buffer has only rows from after the change, one for each capture that was due

  @TR-Conf.06b @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_capture_period @needs.bench_time
  Scenario: TR-Conf.06b-N01 Without a period rows come on demand only
    Given the management client is associated
    When automatic captures are switched off
    Then no row comes by itself
    And a capture on demand gives exactly one row, of its own time

  @TR-Conf.06b @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_capture_period
  Scenario Outline: TR-Conf.06b-N02 A period that cannot be set is refused
    Given the management client is associated
    And rows and change records of the load profile are known
    When the management client writes "<value>"
    Then it is refused and leaves no trace

    Examples:
      | row        | value                            |
      | odd        | an odd capture period            |
      | wrong-type | a capture period of a wrong type |

  @TR-Conf.06b @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_capture_period @needs.reading_association
  Scenario: TR-Conf.06b-N03 A client without the right changes no period
    Given the management client is associated
    And rows and change records of the load profile are known
    When the reading client tries to write "period" of the load profile
    Then it is refused and leaves no trace

  @TR-Conf.06c @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_profile_entries @needs.bench_time
  Scenario: TR-Conf.06c-P01 Of more captures than entries the newest are kept
    Given the management client is associated
    When the number of entries is set to a small one
    And more captures are made than there are entries
    Then the buffer has the newest rows, as many as there are entries

  @TR-Conf.06c @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_profile_entries @needs.bench_time
  Scenario: TR-Conf.06c-P02 A profile that may keep more again does
    Given the management client is associated
    When the number of entries is set to a small one
    And more captures are made than there are entries
    And the number of entries is raised a little
    And more captures are made than there are entries
    Then the buffer has the newest rows, as many as there are entries

  @TR-Conf.06c @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_profile_entries
  Scenario Outline: TR-Conf.06c-N01 A number of entries that cannot be set is not taken
    Given the management client is associated
    And rows and change records of the load profile are known
    When the management client writes "<value>"
    Then it is refused and leaves no trace

    Examples:
      | row        | value                               |
      | zero       | no entries                          |
      | too-many   | more entries than fit               |
      | wrong-type | a number of entries of a wrong type |

  @TR-Conf.06c @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_profile_entries @needs.reading_association
  Scenario: TR-Conf.06c-N02 A client without the right changes no number of entries
    Given the management client is associated
    And rows and change records of the load profile are known
    When the reading client tries to write "entries" of the load profile
    Then it is refused and leaves no trace

  @TR-Conf.06c @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.management_association
  Scenario: TR-Conf.06c-N03 Another order of the rows is followed or refused
    Given the management client is associated
    When the rows of the load profile are to stand in the other order
    Then they do, or it is refused and nothing is changed

  @TR-Conf.06a @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_capture_objects @needs.bench_power
  Scenario: TR-Conf.06a-P03 Other objects to capture outlive a power cut
    Given the management client is associated
    When the load profile is told to capture fewer objects
    And the supply is cut and comes back
    Then what was set is in force still

  @TR-Conf.06b @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_capture_period @needs.bench_power
  Scenario: TR-Conf.06b-P04 Another period outlives a power cut
    Given the management client is associated
    When the capture period is set to a shorter one
    And the supply is cut and comes back
    Then what was set is in force still

  @TR-Conf.06c @positive @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.configurable_profile_entries @needs.bench_power
  Scenario: TR-Conf.06c-P03 Another number of entries outlives a power cut
    Given the management client is associated
    When the number of entries is set to a small one
    And the supply is cut and comes back
    Then what was set is in force still

  @TR-Conf.06b @negative @effect.reads @effect.writes @effect.fills_logs @needs.load_profile @needs.profile_parameters @needs.management_association @needs.bench_time
  Scenario: TR-Conf.06b-N04 A capture on demand takes no periodic one away
    Given the management client is associated
    When a row is captured on demand in the middle of a period
    Then the captures that were due have their rows all the same
