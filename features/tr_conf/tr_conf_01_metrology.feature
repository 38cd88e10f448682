Feature: TR-Conf.01 No interaction with metrological functions
  Nothing that reaches the meter from outside changes values, scaling, constants or software of its legally relevant part.
  A universal denial is never proved: a pass says which paths were tried, and that each was refused without effect.

  @TR-Conf.01a @positive @effect.reads @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.01a-P01 The total follows the load while a client is associated
    Given the reading client is associated
    And a load of 3000 W import
    When "energy_import_total" is read before and after the load has run long enough to be seen
    Then the difference is the energy of the load

  @TR-Conf.01a @positive @effect.reads @needs.energy_import_total @needs.energy_import_tariffs @needs.atomic_list
  Scenario: TR-Conf.01a-P02 The tariff registers add up to the total
    Given the reading client is associated
    When the total and the tariff registers of the import energy are read in one list 5 times
    Then the total moves with the sum of the tariff registers each time

  @TR-Conf.01a @positive @effect.reads @effect.writes @needs.firmware_signature
  Scenario: TR-Conf.01a-P03 The signature of the firmware stays the same
    Given the object lists of all clients have been read
    When the firmware signature is read before and after refused writes and many associations
    Then every reading is as before

  @TR-Conf.01a @positive @effect.reads @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.01a-P04 The meter goes on counting while it is asked without a pause
    Given the reading client is associated
    And a load of 3000 W import
    When "energy_import_total" is read before and after a minute of the device being asked without a pause
    Then the difference is the energy of the load

  @TR-Conf.01a @positive @effect.reads @effect.writes @effect.fills_logs @needs.energy_import_total @needs.energy_import_tariffs @needs.atomic_list @needs.tariff_script @needs.register_activation @needs.bench_time
  Scenario: TR-Conf.01a-P06 Whichever tariff a script puts in force, the tariff registers add up to the total
    Given the management client is associated
    When the management client executes the scripts of the tariffs one after the other
    Then the total moves with the sum of the tariff registers each time

  @TR-Conf.01a @negative @effect.reads @effect.writes
  Scenario Outline: TR-Conf.01a-N01 Values, scaling and constants cannot be written
    Given the object lists of all clients have been read
    When every client tries by "<path>" to write what would do no harm to the legally relevant part
    Then every attempt is refused

    Examples:
      | row             | path                    |
      | set             | SET                     |
      | list            | SET with list           |
      | blocks          | SET in blocks           |
      | list-and-blocks | SET with list in blocks |
      | access          | ACCESS                  |
      | unconfirmed     | unconfirmed SET         |

  @TR-Conf.01a @negative @effect.reads @effect.writes @effect.clears @effect.irreversible
  Scenario Outline: TR-Conf.01a-N02 Other values, scaling and constants cannot be written
    Given the object lists of all clients have been read
    When every client tries by "<path>" to write other values to the legally relevant part
    Then every attempt is refused

    Examples:
      | row             | path                    |
      | set             | SET                     |
      | list            | SET with list           |
      | blocks          | SET in blocks           |
      | list-and-blocks | SET with list in blocks |
      | access          | ACCESS                  |
      | unconfirmed     | unconfirmed SET         |

  @TR-Conf.01a @negative @effect.reads @effect.writes @effect.clears @effect.irreversible
  Scenario: TR-Conf.01a-N03 Registers cannot be reset
    Given the object lists of all clients have been read
    When every client tries to invoke the methods of the legally relevant part
    Then every attempt is refused

  @TR-Conf.01a @negative @effect.reads @effect.writes @effect.clears @effect.irreversible
  Scenario: TR-Conf.01a-N04 The pre-established client changes nothing
    Given the object lists of all clients have been read
    When the pre-established client writes other values to the legally relevant part
    Then every attempt is refused

  @TR-Conf.01a @negative @effect.reads @effect.writes @effect.clears @effect.irreversible
  Scenario: TR-Conf.01a-N05 A broadcast changes nothing
    Given the object lists of all clients have been read
    When other values for the legally relevant part are broadcast
    Then every attempt is refused

  @TR-Conf.01a @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @needs.image_transfer
  Scenario: TR-Conf.01a-N06 An image with a wrong signature is not verified
    Given the object lists of all clients have been read
    And the state of the legally relevant part has been read
    And the management client is associated
    When the management client transfers an image with a wrong signature
    Then the image is not verified
    And the legally relevant part is as before

  @TR-Conf.01a @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @effect.irreversible @needs.image_transfer
  Scenario: TR-Conf.01a-N07 An image with a wrong signature is not activated
    Given the object lists of all clients have been read
    And the state of the legally relevant part has been read
    And the management client is associated
    When the management client transfers an image with a wrong signature
    Then it cannot be activated
    And the legally relevant part is as before

  @TR-Conf.01a @negative @effect.reads @effect.sets_clock @effect.fills_logs @needs.clock
  Scenario: TR-Conf.01a-N08 Setting the clock moves no energy
    Given the object lists of all clients have been read
    And the state of the legally relevant part has been read
    And the management client is associated
    When the management client sets the clock an hour on and an hour back
    Then every reading is as before

  @TR-Conf.01a @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @effect.irreversible
  Scenario: TR-Conf.01a-N20 A script that a client writes changes nothing
    Given the object lists of all clients have been read
    And the state of the legally relevant part has been read
    And the management client is associated
    Then no script has changed the legally relevant part

  @TR-Conf.01a @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @effect.irreversible @effect.switches_supply @needs.bench_time
  Scenario: TR-Conf.01a-N21 A schedule changes nothing by a script
    Given the object lists of all clients have been read
    And the state of the legally relevant part has been read
    And the management client is associated
    Then no schedule has changed the legally relevant part by a script

  @TR-Conf.01a @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @effect.irreversible @needs.register_activation @needs.energy_import_total @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.01a-N22 A mask of registers that does not exist takes nothing from the total
    Given the management client is associated
    And a load of 3000 W import
    When a mask that does not exist is put in force by the management client
    And "energy_import_total" is read before and after the load has run long enough to be seen
    Then the difference is the energy of the load

  @TR-Conf.01a @negative @effect.reads @effect.writes @effect.clears @effect.fills_logs @effect.irreversible @effect.switches_supply @needs.limiter @needs.bench_time @needs.bench_load
  Scenario: TR-Conf.01a-N30 A limiter changes nothing by a script
    Given the object lists of all clients have been read
    And the state of the legally relevant part has been read
    And the management client is associated
    And a load of 3000 W import
    And the limiter watches that load
    Then no limiter has changed the legally relevant part by a script
